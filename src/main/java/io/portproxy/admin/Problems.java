package io.portproxy.admin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/**
 * What every error answer looks like (RFC 9457). A {@code type} never changes its meaning; {@code detail} is for people,
 * and may.
 */
final class Problems {
    private static final String TYPE = "urn:problem-type:portproxy:";

    private static final Map<Integer, String> NAMES = Map.of(
            400, "bad-request",
            401, "unauthorized",
            403, "forbidden",
            404, "not-found",
            405, "method-not-allowed",
            406, "not-acceptable",
            415, "unsupported-media-type",
            429, "too-many-requests",
            500, "internal-error",
            503, "busy");

    private Problems() {}

    /** A problem with the type and title of its status. */
    static ProblemDetail of(HttpStatusCode status, String detail) {
        return typed(ProblemDetail.forStatusAndDetail(status, detail));
    }

    /** Says at which path; not for one that is no proper URI, or would mean another host. */
    static void at(ProblemDetail problem, String path) {
        if (!path.startsWith("//")) {
            try {
                problem.setInstance(new URI(path));
            } catch (URISyntaxException e) {
                problem.setInstance(null);
            }
        }
    }

    /** The type of a status. */
    static String type(int status) {
        return TYPE + NAMES.getOrDefault(status, "http-" + status);
    }

    /** Sets the type and the title that belong to a problem's status. */
    static ProblemDetail typed(ProblemDetail problem) {
        HttpStatus status = HttpStatus.resolve(problem.getStatus());
        String title = status == null ? "Error" : status.getReasonPhrase();
        problem.setType(URI.create(type(problem.getStatus())));
        problem.setTitle(title);
        return problem;
    }
}
