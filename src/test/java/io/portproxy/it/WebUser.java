package io.portproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A stand-in for a browser in the table: it sends what a browser would send to an address, and reads the answer as a browser would. Every
 * name leads to this machine.
 */
final class WebUser {
    private static final int PATIENCE_MILLIS = 20_000;

    private final int port;
    private final String host;
    private final Optional<SSLContext> tls;
    private final String origin;

    /** Makes a user of plain HTTP. */
    WebUser(int port, String host) {
        this(port, host, Optional.empty());
    }

    /** Makes a user of HTTPS. The user trusts what the context trusts, and checks the name in the certificate. */
    WebUser(int port, String host, SSLContext tls) {
        this(port, host, Optional.of(tls));
    }

    private WebUser(int port, String host, Optional<SSLContext> tls) {
        this.port = port;
        this.host = host;
        this.tls = tls;
        this.origin = (tls.isPresent() ? "https://" : "http://") + authority();
    }

    private String authority() {
        return host + ":" + port;
    }

    /** Returns the origin that a browser would show. */
    String origin() {
        return origin;
    }

    /** Returns the whole answer. The target ends it by closing the connection. */
    String get(String path) throws IOException {
        return get(path, "");
    }

    String get(String path, String fields) throws IOException {
        return ask("GET", path, "Connection: close\r\n" + fields, "", answer -> false);
    }

    /** An action of a user. */
    interface Act {
        void act() throws IOException;
    }

    /** Returns what has come of a stream of events when that text has come. The stream does not end. */
    String events(String path, String fields, String text) throws IOException {
        return events(path, fields, text, () -> {}, text);
    }

    /** Does the same as {@link #events(String, String, String)} until both texts have come. Runs an action after the first one. */
    String events(String path, String fields, String first, Act between, String second) throws IOException {
        try (Socket socket = connect()) {
            send(socket, "GET", path, "Accept: text/event-stream\r\n" + fields, "");
            String begun = receive(socket, answer -> answer.contains(first));
            between.act();
            return begun + receive(socket, more -> (begun + more).contains(second));
        }
    }

    String post(String path, String type, String body, String fields) throws IOException {
        return ask(
                "POST",
                path,
                "Connection: close\r\nOrigin: " + origin + "\r\nReferer: " + origin + "/\r\n" + fields
                        + "Content-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n",
                body,
                answer -> false);
    }

    /** Returns the head of the answer to a WebSocket handshake. */
    String webSocket(String path, String fields) throws IOException {
        return webSocket(path, fields, "", answer -> answer.contains("\r\n\r\n"));
    }

    /** Does the same as {@link #webSocket}, with a message of at most 125 characters that the target sends back behind the head. */
    String echo(String path, String message) throws IOException {
        // A text frame, masked with zeros. A server's frame has no mask.
        String frame = "\u0081" + (char) (0x80 | message.length()) + "\0\0\0\0" + message;
        return webSocket(path, "", frame, answer -> answer.contains("\u0081" + (char) message.length() + message));
    }

    private String webSocket(String path, String fields, String frame, Predicate<String> isAll) throws IOException {
        String upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: " + origin + "\r\n" + fields;
        return ask("GET", path, upgrade, frame, isAll);
    }

    private String ask(String method, String path, String fields, String body, Predicate<String> isAll)
            throws IOException {
        try (Socket socket = connect()) {
            send(socket, method, path, fields, body);
            return receive(socket, isAll);
        }
    }

    private void send(Socket socket, String method, String path, String fields, String body) throws IOException {
        String head = method + " " + path + " HTTP/1.1\r\nHost: " + authority() + "\r\n" + fields + "\r\n";
        socket.getOutputStream().write((head + body).getBytes(ISO_8859_1));
    }

    /** Returns what comes until the predicate accepts it or the target ends the connection. */
    private static String receive(Socket socket, Predicate<String> isAll) throws IOException {
        StringBuilder answer = new StringBuilder();
        byte[] bytes = new byte[8192];
        InputStream in = socket.getInputStream();
        int n = 0;
        while (n >= 0 && !isAll.test(answer.toString())) {
            n = in.read(bytes);
            answer.append(new String(bytes, 0, Math.max(0, n), ISO_8859_1));
        }
        return answer.toString();
    }

    private Socket connect() throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.setSoTimeout(PATIENCE_MILLIS);
        if (tls.isEmpty()) {
            return plain;
        }
        SSLSocket socket = (SSLSocket) tls.get().getSocketFactory().createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    static String status(String answer) {
        return answer.length() < 12 ? "none" : answer.substring(9, 12);
    }

    /** Returns "works" if the answer has that status, and its status otherwise. */
    static String worksWith(int status, String answer) {
        return status(answer).equals(String.valueOf(status)) ? "works" : status(answer);
    }

    /** Returns "works" if the redirect leads to that path of the same site, and its location or status otherwise. */
    String redirects(String path, String answer) {
        Matcher location = Pattern.compile("\r\n[Ll]ocation: ([^\r]*)").matcher(answer);
        if (!location.find()) {
            return status(answer);
        }
        String to = location.group(1);
        return to.equals(path) || to.equals(origin + path) ? "works" : to;
    }
}
