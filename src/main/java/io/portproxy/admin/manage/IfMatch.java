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

    /** As {@code ETag} has it. */
    static String quoted(String tag) {
        return '"' + tag + '"';
    }
}
