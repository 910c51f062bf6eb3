package io.portproxy.http;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpStatus;

/** An answer from PortProxy in place of a target's, as bytes for the user. */
public final class OwnAnswer {
    private static final int MAX_REASON = 300;
    private static final int MAX_STATUS_WITHOUT_CACHE = 400;

    private OwnAnswer() {}

    /**
     * Returns a whole response that announces the close of the connection. It has no {@code Date}: this class has no
     * clock, and RFC 9110 section 6.6.1 lets a server without a clock omit the field.
     *
     * @param status 300 to 599
     * @param reason a text for a person, in ASCII; it must not contain anything that users must not know
     * @param fields further lines of the head, each with its line end
     * @param pages the operator's error pages
     */
    public static byte[] of(int status, String reason, AnswerStyle style, String fields, ErrorPages pages) {
        String text = printable(reason);
        String title = HttpStatus.getMessage(status);
        String body = switch (style.format()) {
            case HTML -> pages.page(status, title, text).orElseGet(() -> html(status, title, text));
            case PROBLEM -> problem(status, title, text);
        };
        String type = switch (style.format()) {
            case HTML -> "text/html; charset=utf-8";
            case PROBLEM -> "application/problem+json";
        };
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + " " + title + "\r\n"
                + "Content-Type: " + type + "\r\n"
                + "Content-Length: " + content.length + "\r\n"
                + (status >= MAX_STATUS_WITHOUT_CACHE ? "Cache-Control: no-store\r\n" : "")
                + fields
                + "Connection: close\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        return style.head() ? start : HeadEdits.joined(start, content);
    }

    /** Returns how many bytes of such a response follow its head. */
    public static int bodyLength(byte[] answer) {
        for (int end = 4; end <= answer.length; end++) {
            if (answer[end - 4] == '\r'
                    && answer[end - 3] == '\n'
                    && answer[end - 2] == '\r'
                    && answer[end - 1] == '\n') {
                return answer.length - end;
            }
        }
        throw new IllegalArgumentException("it has no head");
    }

    private static String html(int status, String title, String text) {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" + status + " " + title
                + "</title>\n"
                + "<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:20vh auto;padding:0 1rem;"
                + "color-scheme:light dark}h1{font-size:1.25rem}</style>\n</head>\n<body>\n<h1>" + status + " " + title
                + "</h1>\n<p>" + ErrorPages.escaped(text)
                + "</p>\n</body>\n</html>\n";
    }

    private static String problem(int status, String title, String text) {
        return "{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\""
                + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}\n";
    }

    /** Replaces all but printable ASCII, because a reason can quote what the user sent. */
    private static String printable(String reason) {
        StringBuilder text = new StringBuilder(Math.min(reason.length(), MAX_REASON));
        for (int i = 0; i < reason.length() && i < MAX_REASON; i++) {
            char c = reason.charAt(i);
            text.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return text.toString();
    }
}
