package io.portproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a program can read the QR codes that are drawn for people. */
class QrCodeTest {
    private static final int SCALE = 4; // pixels per module
    private static final int WHITE = 0xFFFFFF;

    /** Reads the code as a camera sees it on a dark terminal. */
    static String read(List<String> lines) throws Exception {
        int width = lines.get(0).length() * SCALE;
        int height = lines.size() * 2 * SCALE;
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                boolean upper = y / SCALE % 2 == 0;
                char module = lines.get(y / SCALE / 2).charAt(x / SCALE);
                boolean light = module == '\u2588' || module == (upper ? '\u2580' : '\u2584');
                pixels[y * width + x] = light ? WHITE : 0;
            }
        }
        return new QRCodeReader()
                .decode(new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels))))
                .getText();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ann.dev.example.com",
                "http://a.example:8080",
                "https://xn--bcher-kva.a-rather-long-name-of-a-remote.development.department.example.co.uk:18443"
            })
    void isReadBack(String url) throws Exception {
        List<String> lines = QrCode.of(url).orElseThrow();

        assertThat(read(lines)).isEqualTo(url);
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSameSizeAs(lines.get(0)));
    }

    @Test
    void thereIsNoneOfWhatNoneCanHold() {
        assertThat(QrCode.of("x".repeat(5000))).isEmpty();
        assertThat(QrCode.of("")).isEmpty();
    }
}
