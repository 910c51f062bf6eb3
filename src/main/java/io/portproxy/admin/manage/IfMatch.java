package io.portproxy.admin.manage;

import io.portproxy.admin.problem.ProblemException;
import io.portproxy.manage.Precondition;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/** Reads {@code If-Match} (RFC 9110, section 13.1.1). Requests that change something must have it (RFC 6585, section 3). */
final class IfMatch {
    private IfMatch() {}

    /**
     * Returns the precondition in the header.
     *
     * @throws ProblemException if the header is missing
     */
    static Precondition of(Optional<String> header) {
        String tags = header.orElseThrow(() -> new ProblemException(
                HttpStatus.PRECONDITION_REQUIRED,
                "write If-Match with the ETag of what you have seen, so that you do not undo what somebody else does"));
        return tag -> {
            boolean matches = tags.strip().equals("*")
                    || Arrays.stream(tags.split(","))
                            .anyMatch(each -> each.strip().equals(quoted(tag)));
            if (!matches) {
                throw new ProblemException(
                        HttpStatus.PRECONDITION_FAILED,
                        "it was changed after you read it: read it again, and decide again");
            }
        };
    }

    /**
     * Returns the precondition of a request that adds or replaces something. To replace something, it needs
     * {@code If-Match}.
     *
     * @param ifNoneMatch {@code *} if the request must only add
     */
    static Precondition ofPut(Optional<String> ifMatch, Optional<String> ifNoneMatch) {
        ifNoneMatch.filter(written -> !written.strip().equals("*")).ifPresent(written -> {
            throw new ProblemException(HttpStatus.BAD_REQUEST, "write * for If-None-Match, or leave it out");
        });
        return new Precondition() {
            @Override
            public void require(String tag) {
                if (ifNoneMatch.isPresent()) {
                    throw new ProblemException(
                            HttpStatus.PRECONDITION_FAILED,
                            "there is one with that name already: read it, and decide again");
                }
                of(ifMatch).require(tag);
            }

            @Override
            public void requireNothing() {
                if (ifMatch.isPresent()) {
                    throw new ProblemException(
                            HttpStatus.PRECONDITION_FAILED,
                            "it is not there any more: read it again, and decide again");
                }
            }
        };
    }

    /** Returns a tag as it is written in {@code ETag}. */
    static String quoted(String tag) {
        return '"' + tag + '"';
    }
}
