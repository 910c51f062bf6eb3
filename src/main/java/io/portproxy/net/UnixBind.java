package io.portproxy.net;

import java.net.UnixDomainSocketAddress;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A unix socket that is listened at. It is written {@code unix:/run/app.sock}, or with its mode {@code unix:/run/app.sock|0660}.
 *
 * @param path where its file is
 * @param mode the file's mode, as four octal digits: who may write to it may connect (unix(7))
 */
public record UnixBind(UnixPath path, String mode) {
    /** Its owner and its group may connect. */
    public static final String DEFAULT_MODE = "0660";

    private static final char SEPARATOR = '|';
    private static final String MODE = "0[0-7]{3}";

    public UnixBind {
        if (!mode.matches(MODE)) {
            throw new IllegalArgumentException("mode " + mode);
        }
    }

    /**
     * Reads what {@link UnixPath#isWritten}.
     *
     * @throws IllegalArgumentException this is none; see {@link #wrongText}
     */
    public static UnixBind parse(String text) {
        int end = text.indexOf(SEPARATOR);
        return end < 0
                ? new UnixBind(UnixPath.parse(text), DEFAULT_MODE)
                : new UnixBind(UnixPath.parse(text.substring(0, end)), text.substring(end + 1));
    }

    /** The path in what {@link UnixPath#isWritten}, right or wrong. */
    public static String path(String text) {
        return withoutMode(text).substring(UnixPath.PREFIX.length());
    }

    private static String withoutMode(String text) {
        int end = text.indexOf(SEPARATOR);
        return end < 0 ? text : text.substring(0, end);
    }

    /** What is wrong with what {@link UnixPath#isWritten}, to stand behind it in a message; empty: nothing. */
    public static Optional<String> wrongText(String text) {
        int end = text.indexOf(SEPARATOR);
        if (end >= 0 && !text.substring(end + 1).matches(MODE)) {
            return Optional.of("has a mode that is not a zero and three octal digits");
        }
        return UnixPath.wrongText(withoutMode(text));
    }

    /** What it is bound to. */
    public UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(path.path());
    }

    /** The mode, as Java has it. */
    Set<PosixFilePermission> permissions() {
        int bits = Integer.parseInt(mode, 8);
        PosixFilePermission[] all = PosixFilePermission.values(); // from the owner's reading to the others' executing
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < all.length; i++) {
            if ((bits >> (all.length - 1 - i) & 1) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }
}
