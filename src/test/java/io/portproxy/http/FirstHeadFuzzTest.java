package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fuzzes {@link FirstHead} and compares it with a reader that applies only the grammar of RFC 9112 and RFC 9110. A head that
 * breaks the grammar must be refused, and both must see the same host and target. An ordinary test run replays the seeds in
 * the test resources of this class.
 */
class FirstHeadFuzzTest {
    private static final int MAX = 8192;
    private static final HttpOrigin ORIGIN = new HttpOrigin(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 80), InetAddress.getLoopbackAddress(), false);

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern REQUEST_LINE = Pattern.compile("(" + TOKEN + ") ([!-~]+) HTTP/1\\.([01])");
    private static final Pattern FIELD = Pattern.compile(
            "(" + TOKEN + "):[ \\t]*((?:[!-~\\x80-\\xff]" + "(?:[\\t -~\\x80-\\xff]*[!-~\\x80-\\xff])?)?)[ \\t]*");
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)(.*)");
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[0-9A-Za-z._~%!$&'()*+,;=-]*)(?::([0-9]*))?");

    /** The host and the target of a head by the grammar. */
    private record Meaning(String host, String target) {}

    @FuzzTest
    void whatIsTakenIsOfTheGrammarAndMeansTheSame(byte[] bytes) {
        FirstHead head = new FirstHead(ORIGIN, MAX);
        try {
            if (!head.read(ByteBuffer.wrap(bytes))) {
                return;
            }
        } catch (RefusedException e) {
            assertThat(e.status()).isBetween(400, 505);
            return;
        }
        Optional<Meaning> meaning = strictly(new String(bytes, ISO_8859_1));
        assertThat(meaning).as("taken, so it is of the grammar").isPresent();
        if (!head.isConnect()) {
            assertThat(new Meaning(head.host(), head.target())).isEqualTo(meaning.get());
        }
    }

    @FuzzTest
    void howItIsCutDoesNotMatter(byte[] bytes) {
        Random random = new Random(Arrays.hashCode(bytes));
        String whole = outcome(bytes, bytes.length);
        assertThat(outcome(bytes, 1)).isEqualTo(whole);
        assertThat(outcome(bytes, 1 + random.nextInt(20))).isEqualTo(whole);
    }

    @FuzzTest
    void aPathIsInOneFormAndStaysBelowTheRoot(byte[] bytes) {
        String target = "/" + new String(bytes, ISO_8859_1).replaceAll("[^!-~]", "");
        String path;
        try {
            path = RequestPath.of(target);
        } catch (RefusedException e) {
            assertThat(e.status()).isEqualTo(400);
            return;
        }
        assertThat(path).startsWith("/");
        List<String> segments = new ArrayList<>(List.of(path.split("/", -1)));
        assertThat(segments.remove(0)).isEmpty();
        if (!path.equals("/")) {
            assertThat(segments).doesNotContain("", ".", "..");
        }
        assertThat(path).doesNotContain(";");
    }

    private static String outcome(byte[] bytes, int piece) {
        FirstHead head = new FirstHead(ORIGIN, MAX);
        try {
            for (int at = 0; at < bytes.length; at += Math.max(1, piece)) {
                if (head.read(ByteBuffer.wrap(bytes, at, Math.min(Math.max(1, piece), bytes.length - at)))) {
                    return head.host() + " " + head.target();
                }
            }
            return "not complete";
        } catch (RefusedException e) {
            return String.valueOf(e.status());
        }
    }

    /** Reads a head by the grammar alone: RFC 9112, sections 2.1, 3 and 5; RFC 9110, sections 5.5, 5.6.2 and 7.2. */
    private static Optional<Meaning> strictly(String text) {
        int from = 0;
        while (text.startsWith("\r\n", from)) {
            from += 2;
        }
        int end = text.indexOf("\r\n\r\n", from);
        if (end < 0) {
            return Optional.empty();
        }
        String[] lines = text.substring(from, end).split("\r\n", -1);
        Matcher first = REQUEST_LINE.matcher(lines[0]);
        if (!first.matches()) {
            return Optional.empty();
        }
        List<String> hosts = new ArrayList<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            Matcher field = FIELD.matcher(line);
            if (!field.matches()) {
                return Optional.empty();
            }
            if (field.group(1).equalsIgnoreCase("host")) {
                hosts.add(field.group(2));
            }
        }
        if (hosts.size() > 1 || (hosts.isEmpty() && first.group(3).equals("1"))) {
            return Optional.empty();
        }
        String target = first.group(2);
        Matcher absolute = ABSOLUTE.matcher(target);
        String named = hosts.isEmpty() ? "" : hosts.get(0);
        if (!target.startsWith("/") && absolute.matches()) {
            if (!hosts.isEmpty() && !AUTHORITY.matcher(named).matches()) {
                return Optional.empty();
            }
            named = absolute.group(1);
        }
        Matcher authority = AUTHORITY.matcher(named);
        return authority.matches() ? Optional.of(new Meaning(normal(authority.group(1)), target)) : Optional.empty();
    }

    private static String normal(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") && lower.length() > 1 ? lower.substring(0, lower.length() - 1) : lower;
    }
}
