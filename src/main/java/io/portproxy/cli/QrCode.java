package io.portproxy.cli;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Draws a text as a QR code (ISO/IEC 18004) for a terminal, with two rows of modules in each line. The code draws the light
 * modules, because most terminals are dark. On a light terminal the code appears inverted; cameras of phones read it as well.
 */
final class QrCode {
    /** The width of the light margin, in modules, as the standard requires. */
    private static final int MARGIN = 4;

    private static final char BOTH = '\u2588';
    private static final char UPPER = '\u2580';
    private static final char LOWER = '\u2584';
    private static final char NEITHER = ' ';

    /** All characters that the lines consist of. */
    static final String CHARACTERS = "" + BOTH + UPPER + LOWER + NEITHER;

    private QrCode() {}

    /** Returns the lines of the code, from top to bottom. Empty if the text is empty or too long for a code. */
    static Optional<List<String>> of(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            BitMatrix dark = new QRCodeWriter()
                    .encode(
                            text,
                            BarcodeFormat.QR_CODE,
                            0,
                            0,
                            Map.of(
                                    EncodeHintType.MARGIN,
                                    MARGIN,
                                    EncodeHintType.ERROR_CORRECTION,
                                    ErrorCorrectionLevel.L));
            return Optional.of(lines(dark));
        } catch (WriterException e) {
            return Optional.empty();
        }
    }

    private static List<String> lines(BitMatrix dark) {
        List<String> lines = new ArrayList<>();
        for (int y = 0; y < dark.getHeight(); y += 2) {
            StringBuilder line = new StringBuilder();
            for (int x = 0; x < dark.getWidth(); x++) {
                boolean upper = !dark.get(x, y);
                boolean lower = y + 1 < dark.getHeight() && !dark.get(x, y + 1);
                line.append(upper ? (lower ? BOTH : UPPER) : lower ? LOWER : NEITHER);
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
