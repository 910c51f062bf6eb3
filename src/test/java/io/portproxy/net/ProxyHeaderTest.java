package io.portproxy.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portproxy.net.ProxyHeader.InvalidException;
import io.portproxy.testing.StrictProxyHeader;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String V4 = "c0000207c00002c8ea6001bb"; // 192.0.2.7:60000 to 192.0.2.200:443
    private static final InetSocketAddress USER = address("192.0.2.7", 60000);

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(AddressRange.parse(host).address(), port);
    }

    /** Reads a header from the bytes, never more than the parser says are missing. Returns the number of bytes read. */
    private static int read(byte[] all, int atATime) throws InvalidException {
        int length = 0;
        for (int missing = 1; missing > 0; ) {
            missing = ProxyHeader.missing(ByteBuffer.wrap(all, 0, length));
            length += Math.min(Math.min(missing, atATime), all.length - length);
            if (missing > 0 && length == all.length && ProxyHeader.missing(ByteBuffer.wrap(all)) > 0) {
                return -1; // the header is incomplete
            }
        }
        return length;
    }

    private static Optional<InetSocketAddress> user(byte[] all) throws InvalidException {
        int length = read(all, all.length);
        assertThat(length).as("is whole").isPositive();
        return ProxyHeader.user(ByteBuffer.wrap(all, 0, length));
    }

    private static byte[] v1(String line) {
        return (line + "\r\n").getBytes(ISO_8859_1);
    }

    private static byte[] v2(String head, String body) {
        return HexFormat.of().parseHex(SIGNATURE + head + "%04x".formatted(body.length() / 2) + body);
    }

    private static byte[] with(byte[] header, String behind) {
        byte[] all = Arrays.copyOf(header, header.length + behind.length());
        System.arraycopy(behind.getBytes(ISO_8859_1), 0, all, header.length, behind.length());
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.7 192.0.2.200 60000 443, 192.0.2.7, 60000",
        "PROXY TCP4 0.0.0.0 255.255.255.255 0 65535, 0.0.0.0, 0",
        "PROXY TCP6 2001:db8::7 2001:db8::1 60000 443, 2001:db8::7, 60000",
        "PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2, 192.0.2.7, 1",
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535,"
                + " ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe, 65535",
    })
    void aLineSaysWhoTheUserIs(String line, String host, int port) throws InvalidException {
        for (int atATime = 1; atATime < 120; atATime++) {
            for (String behind : new String[] {"", "x", "\r\n", "GET / HTTP/1.1\r\n\r\n", "PROXY UNKNOWN\r\n"}) {
                byte[] header = v1(line);
                assertThat(read(with(header, behind), atATime)).isEqualTo(header.length);
            }
        }
        assertThat(user(v1(line))).contains(address(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535",
                "PROXY UNKNOWN ?\u00ff"
            })
    void aLineMaySayNothing(String line) throws InvalidException {
        assertThat(user(v1(line))).isEmpty();
        assertThat(read(with(v1(line), "hello"), 1)).isEqualTo(line.length() + 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 192.0.2.7 192.0.2.200 60000",
                "PROXY TCP4 192.0.2.7 192.0.2.200 60000 443 ",
                "PROXY  TCP4 192.0.2.7 192.0.2.200 60000 443",
                "PROXY TCP4 192.0.2.7  192.0.2.200 60000 443",
                "PROXY TCP4 192.0.2.07 192.0.2.200 60000 443",
                "PROXY TCP4 192.0.2.256 192.0.2.200 60000 443",
                "PROXY TCP4 192.0.2 192.0.2.200 60000 443",
                "PROXY TCP4 localhost 192.0.2.200 60000 443",
                "PROXY TCP4 2001:db8::7 2001:db8::1 60000 443",
                "PROXY TCP6 192.0.2.7 192.0.2.200 60000 443",
                "PROXY TCP6 fe80::1%lo ::1 60000 443",
                "PROXY TCP6 ::1::2 ::1 60000 443",
                "PROXY TCP4 192.0.2.7 192.0.2.200 65536 443",
                "PROXY TCP4 192.0.2.7 192.0.2.200 60000 65536",
                "PROXY TCP4 192.0.2.7 192.0.2.200 060 443",
                "PROXY TCP4 192.0.2.7 192.0.2.200 -1 443",
                "PROXY TCP4 192.0.2.7 192.0.2.200 60000 443\nx",
                "PROXY UDP4 192.0.2.7 192.0.2.200 60000 443",
                "PROXY tcp4 192.0.2.7 192.0.2.200 60000 443",
            })
    void aMalformedLineIsRefused(String line) {
        assertThatThrownBy(() -> user(v1(line))).isInstanceOf(InvalidException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy TCP4", "PROXYTCP4", "GET / HTTP/1.1", "\r\n\r\n\u0000\r\nQUIT\r", "\u0016\u0003"})
    void whatIsNoHeaderIsSeenAtTheFirstByteThatIsNot(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        assertThatThrownBy(() -> read(bytes, 1))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("does not begin with");
    }

    @Test
    void aLineHasAnEndInTime() {
        byte[] line = v1("PROXY UNKNOWN " + "x".repeat(91));
        assertThat(line).hasSize(107);
        assertThat(readable(line)).isTrue();
        assertThat(readable(v1("PROXY UNKNOWN " + "x".repeat(92)))).isFalse();
        assertThat(readable(v1("PROXY UNKNOWN " + "x".repeat(1000)))).isFalse();
    }

    private static boolean readable(byte[] header) {
        try {
            return read(header, 1) == header.length;
        } catch (InvalidException e) {
            return false;
        }
    }

    @Test
    void bytesSayWhoTheUserIs() throws InvalidException {
        byte[] header = v2("2111", V4);
        assertThat(user(header)).contains(USER);
        for (int atATime = 1; atATime < 40; atATime++) {
            assertThat(read(with(header, "hello"), atATime)).isEqualTo(header.length);
        }
        String v6 = "20010db8000000000000000000000007" + "20010db8000000000000000000000001" + "ea6001bb";
        assertThat(user(v2("2121", v6))).contains(address("2001:db8::7", 60000));
        assertThat(user(v2("2122", v6))).contains(address("2001:db8::7", 60000));
        String mapped = "00000000000000000000ffffc0000207" + "00000000000000000000ffffc00002c8" + "ea6001bb";
        assertThat(user(v2("2121", mapped))).contains(USER);
        assertThat(user(v2("2111", V4 + "04000100" + "ee0000" + "2000050700000000")))
                .contains(USER);
    }

    @Test
    void bytesMaySayNothing() throws InvalidException {
        assertThat(user(v2("2000", ""))).as("LOCAL").isEmpty();
        assertThat(user(v2("2011", V4))).as("LOCAL, with what is to be ignored").isEmpty();
        assertThat(user(v2("20ff", "abcdef"))).as("LOCAL, with anything").isEmpty();
        assertThat(user(v2("2100", ""))).as("UNSPEC").isEmpty();
        assertThat(user(v2("2100", "abcdef"))).as("UNSPEC with more").isEmpty();
        assertThat(user(v2("2110", V4))).as("no transport").isEmpty();
        assertThat(user(v2("2131", "00".repeat(216)))).as("a unix socket").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1111, c0000207c00002c8ea6001bb",
        "3111, c0000207c00002c8ea6001bb",
        "2211, c0000207c00002c8ea6001bb",
        "2141, c0000207c00002c8ea6001bb",
        "2113, c0000207c00002c8ea6001bb",
        "2111, c0000207c00002c8ea6001",
        "2121, c0000207c00002c8ea6001bb",
        "2131, 00",
        "2111, c0000207c00002c8ea6001bb04",
        "2111, c0000207c00002c8ea6001bb0400",
        "2111, c0000207c00002c8ea6001bb04000200",
        "2111, c0000207c00002c8ea6001bb03000400000000",
        "2111, c0000207c00002c8ea6001bb030003000000",
    })
    void malformedBytesAreRefused(String head, String body) {
        assertThatThrownBy(() -> user(v2(head, body))).isInstanceOf(InvalidException.class);
    }

    @Test
    void bytesAreBounded() throws InvalidException {
        byte[] most = v2("2111", V4 + "040%x".formatted(2048 - 15) + "00".repeat(2048 - 15));
        assertThat(most).hasSize(16 + 2048);
        assertThat(user(most)).contains(USER);
        assertThatThrownBy(() -> ProxyHeader.missing(ByteBuffer.wrap(v2("2111", V4 + "00".repeat(2037)))))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("2065");
    }

    @Test
    void aRightChecksumIsTaken() throws InvalidException {
        byte[] header = v2("2111", V4 + "03000400000000" + "040000");
        CRC32C sum = new CRC32C();
        sum.update(header);
        ByteBuffer.wrap(header).putInt(16 + 12 + 3, (int) sum.getValue());
        assertThat(user(header)).contains(USER);
        header[19]++;
        assertThatThrownBy(() -> user(header)).hasMessageContaining("checksum");
    }

    /** Tests that the parser throws no other exception for any bytes, and reads no more than a header can have. */
    @Test
    void survivesAnything() {
        Random random = new Random(2);
        byte[][] right = {v1("PROXY TCP4 192.0.2.7 192.0.2.200 60000 443"), v2("2111", V4 + "040000")};
        int readable = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = Arrays.copyOf(right[round % 2], right[round % 2].length + random.nextInt(20));
            for (int n = random.nextInt(4); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                int length = read(bytes, 1 + random.nextInt(20));
                if (length >= 0) {
                    ProxyHeader.user(ByteBuffer.wrap(bytes, 0, length));
                    readable++;
                }
            } catch (InvalidException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
        assertThat(readable).isPositive();
    }

    @Test
    void aWatchFindsASignatureHoweverItIsCut() {
        byte[][] headers = {v1("PROXY UNKNOWN"), v2("2000", "")};
        for (byte[] header : headers) {
            for (int atATime = 1; atATime < header.length; atATime++) {
                ProxyHeader.Watch watch = new ProxyHeader.Watch();
                boolean found = false;
                for (int i = 0; i < header.length; i += atATime) {
                    found |= watch.finds(ByteBuffer.wrap(header, i, Math.min(atATime, header.length - i)));
                }
                assertThat(found).isTrue();
                assertThat(watch.isOver()).isTrue();
            }
        }
        for (String other : new String[] {"PROXYS", "PROX\r\n", "\r\n\r\n\r\n", "xPROXY ", "HELO\r\nPROXY TCP4"}) {
            ProxyHeader.Watch watch = new ProxyHeader.Watch();
            assertThat(watch.finds(ByteBuffer.wrap(other.getBytes(ISO_8859_1))))
                    .as(other)
                    .isFalse();
            assertThat(watch.isOver()).as(other).isTrue();
        }
        assertThat(new ProxyHeader.Watch().isOver()).isFalse();
    }

    private static StrictProxyHeader strict(byte[] bytes) throws Exception {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        StrictProxyHeader header = StrictProxyHeader.read(in);
        assertThat(in.available()).isZero();
        return header;
    }

    /** A parser that is independent of the program reads each header. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.200",
        "2001:db8::7, 2001:db8::1",
        "192.0.2.7, 2001:db8::1",
        "2001:db8::7, 192.0.2.200",
        "0.0.0.0, ::",
    })
    void whatIsWrittenIsRight(String user, String exposed) throws Exception {
        InetSocketAddress from = address(user, 60000);
        InetSocketAddress to = address(exposed, 443);
        ProxyHeader.Addresses addresses = new ProxyHeader.Addresses(from, to);
        Optional<ProxyHeader.Addresses> known = Optional.of(addresses);

        assertThat(strict(ProxyHeader.v1(known))).isEqualTo(new StrictProxyHeader(1, false, from, to, Map.of()));
        assertThat(ProxyHeader.v1(known)).hasSizeLessThanOrEqualTo(107);
        assertThat(user(ProxyHeader.v1(known))).contains(from);
        byte[] plain = ProxyHeader.v2(known, Optional.empty(), Optional.empty(), "00000000002a");
        byte[] datagram = ProxyHeader.ofDatagrams(addresses, "00000000002a");
        assertThat(strict(datagram)).isEqualTo(new StrictProxyHeader(2, true, from, to, Map.of(5, "00000000002a")));
        assertThat(strict(plain)).isEqualTo(new StrictProxyHeader(2, false, from, to, Map.of(5, "00000000002a")));
        byte[] full = ProxyHeader.v2(known, Optional.of("http/1.1"), Optional.of("a".repeat(255)), "00000000002a");
        assertThat(strict(full))
                .isEqualTo(new StrictProxyHeader(
                        2, false, from, to, Map.of(1, "http/1.1", 2, "a".repeat(255), 5, "00000000002a")));
        assertThat(full).hasSizeLessThanOrEqualTo(512);
        assertThat(user(full)).contains(from);
    }

    @Test
    void whatIsWrittenOfAUserWithoutAnAddressNamesNone() throws Exception {
        byte[] v1 = ProxyHeader.v1(Optional.empty());
        byte[] v2 = ProxyHeader.v2(Optional.empty(), Optional.empty(), Optional.of("a.example"), "00000000002a");

        assertThat(v1).asString().isEqualTo("PROXY UNKNOWN\r\n");
        assertThat(ProxyHeader.missing(ByteBuffer.wrap(v1))).isZero();
        assertThat(user(v1)).isEmpty();
        assertThat(v2[12]).as("PROXY").isEqualTo((byte) 0x21);
        assertThat(v2[13]).as("AF_UNSPEC").isZero();
        assertThat(ProxyHeader.missing(ByteBuffer.wrap(v2))).isZero();
        assertThat(user(v2)).isEmpty();
    }
}
