package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.protocol.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rules for remote names. They are those of the tunnel protocol, section 1, and two more. A name must fit into the path of an
 * address, where a slash would split it and a browser resolves dots (RFC 3986, section 5.2.4). It must also fit into a line of a
 * log.
 */
final class RemoteName {
    private static final int MAX_BYTES = 255;

    /**
     * The characters that are refused in a path, even percent-encoded: the programs between browser and server interpret them in
     * different ways.
     */
    private static final String NOT_IN_A_PATH = "/\\;%";

    private RemoteName() {}

    /** Returns the name. Adds a problem and returns an empty text if the name is missing or wrong. */
    static String check(Problems problems, Place place, @Nullable String name) {
        String fix = "write a name of 1 to " + MAX_BYTES + " bytes, the same on the remote and on the proxy server";
        if (name == null || name.isBlank()) {
            problems.add(place, name, name == null ? "is missing" : "is empty", fix);
            return "";
        }
        if (name.indexOf('\uFFFD') >= 0) {
            // The JDK reads this character if an argument or a variable has one that the locale's encoding does not
            // have.
            problems.add(
                    place,
                    name,
                    "has a character that could not be read: " + System.getProperty("sun.jnu.encoding", "this locale")
                            + " does not have it",
                    "set LC_ALL=C.UTF-8 before the start, or write the name in a file");
            return "";
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            problems.add(place, name, "is too long: " + bytes + " bytes in UTF-8", fix);
            return "";
        }
        String wrong = wrong(name);
        if (!wrong.isEmpty()) {
            problems.add(
                    place,
                    name,
                    wrong,
                    "write letters, digits, blanks and signs other than / \\ ; %, the same on the remote and on the"
                            + " proxy server");
            return "";
        }
        return name;
    }

    /** Returns what is wrong with a name in an address of the admin API; empty if nothing is. */
    static String wrong(String name) {
        if (name.equals(".") || name.equals("..")) {
            return "has nothing but dots, which have a meaning of their own in the addresses of the admin API";
        }
        return name.codePoints()
                .mapToObj(Character::toString)
                .filter(character -> NOT_IN_A_PATH.contains(character) || !Printable.is(character))
                .map(RemoteName::wrongWith)
                .findFirst()
                .orElse("");
    }

    private static String wrongWith(String character) {
        return Printable.is(character)
                ? "has a " + character + ", which a name in an address of the admin API cannot have"
                : String.format(
                        Locale.ROOT,
                        "has the character U+%04X, which cannot be seen, or turns the direction of a line",
                        character.codePointAt(0));
    }
}
