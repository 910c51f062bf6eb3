package io.portproxy.http;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpStatus;

/** The answer to a request that is not relayed, as bytes for the user. */
final class Refusal {
    private static final int MAX_REASON = 300;

    private Refusal() {}

    /**
     * A whole response that announces the close of the connection. It has no {@code Date}: there is no clock here, and
     * RFC 9110 section 6.6.1 lets a server without one leave it out.
     *
     * @param head whether it answers a HEAD, so that the body is left out
     */
    static byte[] response(int status, String reason, boolean head) {
        String body = printable(reason) + "\n";
        String fields = "HTTP/1.1 " + status + " " + HttpStatus.getMessage(status) + "\r\n"
                + "Content-Type: text/plain; charset=us-ascii\r\n"
                + "Content-Length: " + body.length() + "\r\n"
                + "Connection: close\r\n\r\n";
        return (head ? fields : fields + body).getBytes(StandardCharsets.US_ASCII);
    }

    /** A reason can quote what the user sent, so nothing but printable ASCII goes back. */
    private static String printable(String reason) {
        StringBuilder text = new StringBuilder(Math.min(reason.length(), MAX_REASON));
        for (int i = 0; i < reason.length() && i < MAX_REASON; i++) {
            char c = reason.charAt(i);
            text.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return text.toString();
    }
}
