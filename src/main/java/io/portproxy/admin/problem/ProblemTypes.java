package io.portproxy.admin.problem;

import io.portproxy.protocol.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/**
 * The form of every error answer (RFC 9457). A {@code type} never changes its meaning. {@code detail} is for people and
 * may change. A type is the address of its explanation on this server's own web server (problems.html).
 */
public final class ProblemTypes {
    private static final String TYPE = "/assets/problems.html#";

    /** The names of the types, by status. */
    static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(400, "bad-request"),
            Map.entry(401, "unauthorized"),
            Map.entry(403, "forbidden"),
            Map.entry(404, "not-found"),
            Map.entry(405, "method-not-allowed"),
            Map.entry(406, "not-acceptable"),
            Map.entry(409, "conflict"),
            Map.entry(412, "precondition-failed"),
            Map.entry(413, "content-too-large"),
            Map.entry(415, "unsupported-media-type"),
            Map.entry(417, "expectation-failed"),
            Map.entry(422, "invalid"),
            Map.entry(428, "precondition-required"),
            Map.entry(429, "too-many-requests"),
            Map.entry(500, "internal-error"),
            Map.entry(501, "not-implemented"),
            Map.entry(503, "busy"),
            Map.entry(505, "version-not-supported"));

    private ProblemTypes() {}

    /** Returns a problem with the type and title of its status. */
    public static ProblemDetail of(HttpStatusCode status, String detail) {
        return typed(ProblemDetail.forStatusAndDetail(status, detail));
    }

    /** Sets the path of a problem, unless the path is not a proper URI or would name another host. */
    static void at(ProblemDetail problem, String path) {
        if (!path.startsWith("//")) {
            try {
                problem.setInstance(new URI(path));
            } catch (URISyntaxException e) {
                problem.setInstance(null);
            }
        }
    }

    /** Returns the type of a status. */
    public static String type(int status) {
        return TYPE + NAMES.getOrDefault(status, "other");
    }

    /** Sets the type and the title that belong to a problem's status. */
    static ProblemDetail typed(ProblemDetail problem) {
        HttpStatus status = HttpStatus.resolve(problem.getStatus());
        String title = status == null ? "Error" : status.getReasonPhrase();
        problem.setType(URI.create(type(problem.getStatus())));
        problem.setTitle(title);
        if (problem.getDetail() != null) {
            problem.setDetail(Printable.of(problem.getDetail())); // it may quote the request
        }
        return problem;
    }
}
