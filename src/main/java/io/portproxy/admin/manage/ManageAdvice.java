package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.admin.problem.ProblemTypes;
import io.portproxy.manage.ChangeProblem;
import io.portproxy.manage.ConflictException;
import io.portproxy.manage.InvalidChangeException;
import io.portproxy.manage.NoStoreException;
import io.portproxy.manage.NoSuchException;
import io.portproxy.manage.RefusedFilesException;
import io.portproxy.manage.StoreException;
import java.util.List;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Turns the errors of a change into a problem (RFC 9457), which contains all errors and their places in the document. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ManageAdvice {
    private static final int RETRY_SECONDS = 5;

    /**
     * One error in a document.
     *
     * @param pointer where in the document it is (RFC 6901)
     * @param value the value there
     * @param detail what is wrong, and what to write instead
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    private record Wrong(String pointer, Optional<String> value, String detail) {
        static Wrong of(ChangeProblem problem) {
            return new Wrong(problem.pointer(), problem.value(), problem.reason() + ": " + problem.fix());
        }
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(InvalidChangeException e) {
        int count = e.problems().size();
        ProblemDetail problem = ProblemTypes.of(
                HttpStatus.UNPROCESSABLE_CONTENT,
                (count == 1 ? "one thing is" : count + " things are") + " wrong, see errors; nothing was changed");
        problem.setProperty("errors", e.problems().stream().map(Wrong::of).toList());
        return answer(problem);
    }

    /**
     * One error in the configuration's files.
     *
     * @param property the property; empty if it is a whole file
     * @param value the value there
     * @param detail what is wrong, and what to write instead
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    private record WrongProperty(String property, Optional<String> value, String detail) {
        static WrongProperty of(ChangeProblem problem) {
            return new WrongProperty(problem.pointer(), problem.value(), problem.reason() + ": " + problem.fix());
        }
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refused(RefusedFilesException e) {
        ProblemDetail problem = ProblemTypes.of(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "the configuration's files are wrong, see errors; nothing was changed, and the configuration from before stays in effect");
        problem.setProperty(
                "errors", e.problems().stream().map(WrongProperty::of).toList());
        return answer(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> conflict(ConflictException e) {
        ProblemDetail problem = ProblemTypes.of(HttpStatus.CONFLICT, e.getMessage() + "; nothing was changed");
        e.problem().ifPresent(where -> problem.setProperty("errors", List.of(Wrong.of(where))));
        return answer(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> noStore(NoStoreException e) {
        return answer(ProblemTypes.of(HttpStatus.CONFLICT, String.valueOf(e.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> noSuch(NoSuchException e) {
        return answer(ProblemTypes.of(HttpStatus.NOT_FOUND, String.valueOf(e.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> store(StoreException e) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .header(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_SECONDS))
                .body(ProblemTypes.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        e.getMessage() + "; nothing was changed, and everything that was exposed stays exposed"));
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemDetail problem) {
        return ResponseEntity.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
