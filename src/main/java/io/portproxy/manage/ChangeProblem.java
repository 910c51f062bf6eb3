package io.portproxy.manage;

import java.util.Optional;

/**
 * One problem in a requested change.
 *
 * @param pointer where in the document the problem is (JSON pointer, RFC 6901); empty for the whole document
 * @param value the value at that place, shortened to its beginning if it is long; empty if there is none
 * @param reason what is wrong
 * @param fix what to write instead
 * @param conflict whether the only obstacle is another remote that already exists
 */
public record ChangeProblem(String pointer, Optional<String> value, String reason, String fix, boolean conflict) {
    private static final int MOST_SHOWN = 300;

    /** A problem that is not a conflict with something that exists. */
    public ChangeProblem(String pointer, Optional<String> value, String reason, String fix) {
        this(pointer, value, reason, fix, false);
    }

    public ChangeProblem {
        value = value.map(ChangeProblem::shown); // it may be as long as the whole document
    }

    private static String shown(String value) {
        return value.codePointCount(0, value.length()) <= MOST_SHOWN
                ? value
                : value.substring(0, value.offsetByCodePoints(0, MOST_SHOWN)) + "…";
    }
}
