package io.portproxy.net;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Where a unix socket is. It is written {@code unix:/run/app.sock}.
 *
 * @param path absolute, 2 to {@value #MAX_BYTES} bytes of UTF-8, with no {@code .} or {@code ..} in it
 */
public record UnixPath(String path) {
    /** The longest path in bytes: the system's field has 108, and a zero byte ends it (unix(7)). */
    public static final int MAX_BYTES = 107;

    /** What people see in place of the address of who is at the other end: it has none. */
    public static final String PEER = "unix";

    static final String PREFIX = "unix:";
    private static final String PORT_OF_A_HOST = "unix:([+-]?[0-9][0-9-]*|\\*)";

    public UnixPath {
        Optional<String> wrong = wrong(path);
        if (wrong.isPresent()) {
            throw new IllegalArgumentException("path " + path + " " + wrong.get());
        }
    }

    /** Whether somebody has written a unix socket, right or wrong. {@code unix:80} is a port of a host. */
    public static boolean isWritten(String text) {
        return text.startsWith(PREFIX) && !text.matches(PORT_OF_A_HOST);
    }

    /**
     * Reads what {@link #isWritten}.
     *
     * @throws IllegalArgumentException this is none; see {@link #wrongText}
     */
    public static UnixPath parse(String text) {
        if (!isWritten(text)) {
            throw new IllegalArgumentException(text + " is no unix socket");
        }
        return new UnixPath(text.substring(PREFIX.length()));
    }

    /** What is wrong with what {@link #isWritten}, to stand behind it in a message; empty: nothing. */
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
     * As the JDK has it.
     *
     * @throws IOException the path has a character that no file here can have in its name
     */
    public UnixDomainSocketAddress address() throws IOException {
        try {
            return UnixDomainSocketAddress.of(path);
        } catch (IllegalArgumentException e) {
            throw new IOException("no file can have that name here", e);
        }
    }

    /** As it is written: {@code unix:/run/app.sock}. */
    @Override
    public String toString() {
        return PREFIX + path;
    }
}
