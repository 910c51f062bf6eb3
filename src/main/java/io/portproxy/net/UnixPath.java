package io.portproxy.net;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The path of a unix socket. It is written {@code unix:/run/app.sock}.
 *
 * @param path an absolute path, 2 to {@value #MAX_BYTES} bytes of UTF-8, without {@code .} or {@code ..} as a part
 */
public record UnixPath(String path) {
    /** The longest path in bytes: the field of the operating system has 108, and a zero byte ends it (unix(7)). */
    public static final int MAX_BYTES = 107;

    /** The text that people see in place of the address of the other end, which has none. */
    public static final String PEER = "unix";

    static final String PREFIX = "unix:";
    private static final String PORT_OF_A_HOST = "unix:([+-]?[0-9][0-9-]*|\\*)";

    public UnixPath {
        Optional<String> wrong = wrong(path);
        if (wrong.isPresent()) {
            throw new IllegalArgumentException("path " + path + " " + wrong.get());
        }
    }

    /** Returns whether a text is meant as a unix socket, right or wrong. {@code unix:80} is a port of a host. */
    public static boolean isWritten(String text) {
        return text.startsWith(PREFIX) && !text.matches(PORT_OF_A_HOST);
    }

    /**
     * Reads a text for which {@link #isWritten} is true.
     *
     * @throws IllegalArgumentException if the text is wrong; see {@link #wrongText}
     */
    public static UnixPath parse(String text) {
        if (!isWritten(text)) {
            throw new IllegalArgumentException(text + " is no unix socket");
        }
        return new UnixPath(text.substring(PREFIX.length()));
    }

    /**
     * Returns what is wrong with a text for which {@link #isWritten} is true, as the end of a sentence about it; empty
     * if it is right.
     */
    public static Optional<String> wrongText(String text) {
        return wrong(text.substring(PREFIX.length()));
    }

    private static Optional<String> wrong(String path) {
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        List<String> parts = List.of(path.split("/", -1));
        if (!path.startsWith("/")) {
            return Optional.of("has a path that is not absolute");
        } else if (parts.contains("..") || parts.contains(".")) {
            return Optional.of("has . or .. in its path");
        } else if (path.endsWith("/")) {
            return Optional.of("has a path that ends with /, as a folder's does");
        } else if (path.contains("//")) {
            return Optional.of("has // in its path");
        } else if (path.indexOf('\0') >= 0) {
            return Optional.of("has a zero byte in its path");
        } else if (bytes > MAX_BYTES) {
            return Optional.of("has a path of " + bytes + " bytes; the system takes up to " + MAX_BYTES);
        }
        return Optional.empty();
    }

    /**
     * Returns the path as an address of the JDK.
     *
     * @throws IOException if the path has a character that no file name can have on this system
     */
    public UnixDomainSocketAddress address() throws IOException {
        try {
            return UnixDomainSocketAddress.of(path);
        } catch (IllegalArgumentException e) {
            throw new IOException("no file can have that name here", e);
        }
    }

    /** Returns the path as it is written: {@code unix:/run/app.sock}. */
    @Override
    public String toString() {
        return PREFIX + path;
    }
}
