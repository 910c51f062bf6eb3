package io.portproxy.net;

import java.net.UnixDomainSocketAddress;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A unix socket to listen at. It is written {@code unix:/run/app.sock}, or with its mode
 * {@code unix:/run/app.sock|0660}.
 *
 * @param path the path of its file
 * @param mode the file's mode, as four octal digits: anyone who may write to the file may connect (unix(7))
 */
public record UnixBind(UnixPath path, String mode) {
    /** The default mode: the file's owner and its group may connect. */
    public static final String DEFAULT_MODE = "0660";

    private static final char SEPARATOR = '|';
    private static final String MODE = "0[0-7]{3}";

    public UnixBind {
        if (!mode.matches(MODE)) {
            throw new IllegalArgumentException("mode " + mode);
        }
    }

    /**
     * Reads a text for which {@link UnixPath#isWritten} is true.
     *
     * @throws IllegalArgumentException if the text is wrong; see {@link #wrongText}
     */
    public static UnixBind parse(String text) {
        int end = text.indexOf(SEPARATOR);
        return end < 0
                ? new UnixBind(UnixPath.parse(text), DEFAULT_MODE)
                : new UnixBind(UnixPath.parse(text.substring(0, end)), text.substring(end + 1));
    }

    /** Returns the path in a text for which {@link UnixPath#isWritten} is true, even if the text is wrong. */
    public static String path(String text) {
        return withoutMode(text).substring(UnixPath.PREFIX.length());
    }

    private static String withoutMode(String text) {
        int end = text.indexOf(SEPARATOR);
        return end < 0 ? text : text.substring(0, end);
    }

    /**
     * Returns what is wrong with a text for which {@link UnixPath#isWritten} is true, as the end of a sentence about
     * it; empty if it is right.
     */
    public static Optional<String> wrongText(String text) {
        int end = text.indexOf(SEPARATOR);
        if (end >= 0 && !text.substring(end + 1).matches(MODE)) {
            return Optional.of("has a mode that is not a zero and three octal digits");
        }
        return UnixPath.wrongText(withoutMode(text));
    }

    /** Returns the address to bind. */
    public UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(path.path());
    }

    /** Returns the mode as a set of Java's permissions. */
    Set<PosixFilePermission> permissions() {
        int bits = Integer.parseInt(mode, 8);
        // In the order from the owner's read permission to the others' execute permission.
        PosixFilePermission[] all = PosixFilePermission.values();
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < all.length; i++) {
            if ((bits >> (all.length - 1 - i) & 1) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }
}
