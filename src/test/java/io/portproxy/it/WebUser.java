package io.portproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser's part in the table: sends what one would send to an address, and looks at the answer as one would. */
final class WebUser {
    private static final int PATIENCE_MILLIS = 20_000;

    private static final String UPGRADE = "Connection: Upgrade\r\n";

    private final int port;
    private final String origin;

    WebUser(int port, String host) {
        this.port = port;
        this.origin = "http://" + host + ":" + port;
    }

    /** What a browser shows of where it is. */
    String origin() {
        return origin;
    }

    /** The whole answer, which the target ends with the connection. */
    String get(String path) throws IOException {
        return ask("GET", path, "Connection: close\r\n", "");
    }

    String post(String path, String type, String body, String fields) throws IOException {
        return ask(
                "POST",
                path,
                "Connection: close\r\nOrigin: " + origin + "\r\nReferer: " + origin + "/\r\n" + fields
                        + "Content-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n",
                body);
    }

    /** The head of the answer to a handshake. */
    String webSocket(String path, String fields) throws IOException {
        return ask(
                "GET",
                path,
                UPGRADE + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: " + origin + "\r\n" + fields,
                "");
    }

    private String ask(String method, String path, String fields, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String head = method + " " + path + " HTTP/1.1\r\nHost: " + origin.substring("http://".length()) + "\r\n"
                    + fields + "\r\n";
            socket.getOutputStream().write((head + body).getBytes(ISO_8859_1));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                answer.write(b);
                String text = b == '\n' ? answer.toString(ISO_8859_1) : "";
                if (fields.startsWith(UPGRADE) && text.endsWith("\r\n\r\n")) {
                    break;
                }
            }
            return answer.toString(ISO_8859_1);
        }
    }

    static String status(String answer) {
        return answer.length() < 12 ? "none" : answer.substring(9, 12);
    }

    /** "works", or the status. */
    static String worksWith(int status, String answer) {
        return status(answer).equals(String.valueOf(status)) ? "works" : status(answer);
    }

    /** "works" if the user gets from there to that path of the same site. */
    String redirects(String path, String answer) {
        Matcher location = Pattern.compile("\r\n[Ll]ocation: ([^\r]*)").matcher(answer);
        if (!location.find()) {
            return status(answer);
        }
        String to = location.group(1);
        return to.equals(path) || to.equals(origin + path) ? "works" : to;
    }
}
