package io.portproxy.admin.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes problem documents for requests that never reach a controller. */
@Component
@ConditionalOnWebApplication
public class ProblemWriter {
    private final JsonMapper json;

    ProblemWriter(JsonMapper json) {
        this.json = json;
    }

    String text(ProblemDetail problem) {
        return json.writeValueAsString(problem);
    }

    /**
     * Answers a request with a problem document and the security headers.
     *
     * @param detail what is wrong and what to do, for people
     */
    public void write(HttpServletRequest request, HttpServletResponse response, HttpStatusCode status, String detail)
            throws IOException {
        ProblemDetail problem = ProblemTypes.of(status, detail);
        ProblemTypes.at(problem, request.getRequestURI());
        StrictHeaders.on(response::setHeader);
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        json.writeValue(response.getOutputStream(), problem);
    }
}
