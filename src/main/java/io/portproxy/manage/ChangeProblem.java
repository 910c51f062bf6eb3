package io.portproxy.manage;

import java.util.Optional;

/**
 * One thing that is wrong with what somebody wants.
 *
 * @param pointer where in the document it is (RFC 6901); empty for all of it
 * @param value what was written there, or how it begins; empty if nothing was
 * @param reason what is wrong
 * @param fix what to write instead
 * @param conflict whether it would be right, if it were not for another remote that there is already
 */
public record ChangeProblem(String pointer, Optional<String> value, String reason, String fix, boolean conflict) {
    private static final int MOST_SHOWN = 300;

    /** One that is wrong in itself. */
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
