package io.portproxy.admin.manage;

import io.portproxy.admin.problem.ProblemException;
import io.portproxy.manage.Precondition;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/** What {@code If-Match} asks for (RFC 9110, section 13.1.1), which is to be there where something is changed (RFC 6585, section 3). */
final class IfMatch {
    private IfMatch() {}

    /**
     * What the header asks for.
     *
     * @throws ProblemException there is no header
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
                        "it is not what you have seen any more: read it again, and decide again");
            }
        };
    }

    /**
     * What the headers of a request ask for that adds something or replaces it. To replace something it needs {@code If-Match}.
     *
     * @param ifNoneMatch {@code *} if something is to be added alone
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

    /** As {@code ETag} has it. */
    static String quoted(String tag) {
        return '"' + tag + '"';
    }
}
