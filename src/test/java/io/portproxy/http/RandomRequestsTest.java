package io.portproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests random valid requests, cut at random. The test builds each request together with its expected result and parses nothing. */
class RandomRequestsTest {
    private static final int SEQUENCES = 150;
    private static final String NAME_BYTES = "abcXYZ019!#$%&'*+-.^_`|~";

    private final StringBuilder sent = new StringBuilder();
    private final StringBuilder expected = new StringBuilder();

    @ParameterizedTest
    @ValueSource(longs = {1, 20261122, 0x5eed})
    void becomeWhatTheyShould(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < SEQUENCES; i++) {
            sent.setLength(0);
            expected.setLength(0);
            for (int requests = 1 + random.nextInt(6); requests > 0; requests--) {
                request(random);
            }
            int in = 1 + random.nextInt(random.nextBoolean() ? 9 : 900);
            int out = 1 + random.nextInt(random.nextBoolean() ? 9 : 900);
            assertThat(new Connection(in, out).user(sent.toString()).relayed())
                    .as("seed %d, sequence %d, in %d, out %d", seed, i, in, out)
                    .isEqualTo(expected.toString());
        }
    }

    private void request(Random random) {
        both("\r\n".repeat(random.nextInt(5)), "");
        boolean exposed = random.nextBoolean();
        String host = exposed ? "127.0.0.1:6688" : "h" + random.nextInt(1000) + ".example";
        String becomes = "127.0.0.1:17211";
        boolean absolute = random.nextInt(4) == 0;
        String path = "/" + text(random, 40, '!', '~').replace('#', '%');
        String method = new String[] {"GET", "POST", "DELETE", "M-SEARCH", "X"}[random.nextInt(5)];
        both(method + " ");
        if (absolute) {
            both("http://" + host, "http://" + becomes);
        }
        both(path + " HTTP/1.1\r\n");
        fields(random);
        both("Host: " + host + "\r\n", "Host: " + becomes + "\r\n");
        fields(random);
        int body = random.nextInt(3);
        String content = text(random, 300, '\0', '\u00ff');
        both(
                body == 0
                        ? ""
                        : body == 1
                                ? "Content-Length: " + content.length() + "\r\n"
                                : "transfer-encoding: CHUNKED\r\n");
        both("", "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Host: " + host + "\r\n");
        both("", "X-Forwarded-Port: " + (exposed ? 6688 : 80) + "\r\nX-Forwarded-Proto: http\r\n");
        both("\r\n");
        both(body == 0 ? "" : body == 1 ? content : chunks(random, content));
    }

    private void fields(Random random) {
        for (int left = random.nextInt(6); left > 0; left--) {
            if (random.nextInt(4) == 0) {
                both("x-FORWARDED_" + name(random) + ": " + text(random, 9, ' ', '~') + "\r\n", "");
            } else {
                String blank = new String[] {"", " ", "\t ", "  "}[random.nextInt(4)];
                both("n" + name(random) + ":" + blank + text(random, 60, ' ', '~') + text(random, 5, '\u0080', '\u00ff')
                        + blank + "\r\n");
            }
        }
    }

    private static String chunks(Random random, String content) {
        StringBuilder chunks = new StringBuilder();
        int at = 0;
        while (at < content.length()) {
            int size = Math.min(1 + random.nextInt(100), content.length() - at);
            String extension = random.nextInt(3) == 0 ? ";" + name(random) + "=" + name(random) : "";
            chunks.append("0".repeat(random.nextInt(3)))
                    .append(Integer.toHexString(size))
                    .append(extension);
            chunks.append("\r\n").append(content, at, at + size).append("\r\n");
            at += size;
        }
        chunks.append("0\r\n");
        for (int trailers = random.nextInt(3); trailers > 0; trailers--) {
            chunks.append('n')
                    .append(name(random))
                    .append(": ")
                    .append(text(random, 20, ' ', '~'))
                    .append("\r\n");
        }
        return chunks.append("\r\n").toString();
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int left = 1 + random.nextInt(12); left > 0; left--) {
            name.append(NAME_BYTES.charAt(random.nextInt(NAME_BYTES.length())));
        }
        return name.toString();
    }

    private static String text(Random random, int most, char from, char to) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(most); left > 0; left--) {
            text.append((char) (from + random.nextInt(to - from + 1)));
        }
        return text.toString();
    }

    private void both(String text) {
        both(text, text);
    }

    private void both(String fromUser, String toTarget) {
        sent.append(fromUser);
        expected.append(toTarget);
    }
}
