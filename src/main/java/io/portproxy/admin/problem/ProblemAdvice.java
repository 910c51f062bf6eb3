package io.portproxy.admin.problem;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/** Turns errors in a controller, or on the way to one, into problem documents. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> badParameter(BadParameterException e) {
        ProblemDetail problem = ProblemTypes.of(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
        problem.setProperty("parameter", e.parameter());
        return answer(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> told(ProblemException e) {
        return answer(ProblemTypes.of(e.status(), String.valueOf(e.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> notFound(NotFoundException e) {
        return answer(ProblemTypes.of(HttpStatus.NOT_FOUND, String.valueOf(e.getMessage())));
    }

    /**
     * Answers with 503. If the answer has begun, the exception is thrown on and closes the connection, so that no
     * client takes a part for the whole.
     */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> busy(BusyException e, HttpServletResponse response) {
        if (response.isCommitted()) {
            throw e;
        }
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .header(HttpHeaders.RETRY_AFTER, Integer.toString(BusyException.RETRY_SECONDS))
                .body(ProblemTypes.of(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage())));
    }

    /** Handles refusals of Spring Security, which checks parameters and headers when code reads them. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> rejected(RequestRejectedException e) {
        log.debug("a request was refused", e);
        return answer(
                ProblemTypes.of(HttpStatus.BAD_REQUEST, "a parameter or header has a character that is not allowed"));
    }

    /** Handles malformed media types in places where Spring itself does not expect them. */
    @ExceptionHandler({InvalidMimeTypeException.class, InvalidMediaTypeException.class})
    ResponseEntity<ProblemDetail> noMediaType(IllegalArgumentException e) {
        log.debug("a header that is no media type", e);
        return answer(
                ProblemTypes.of(HttpStatus.NOT_ACCEPTABLE, "Accept, or Content-Type, is not a list of media types"));
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<ProblemDetail> bug(Exception e) {
        if (isOfOneWhoHasGone(e)) {
            return null;
        }
        log.error("a bug: a request to the admin API failed", e);
        return answer(ProblemTypes.of(HttpStatus.INTERNAL_SERVER_ERROR, "this is a bug; the log says more"));
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemDetail problem) {
        return ResponseEntity.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    /** Describes a value of the wrong type, such as a malformed number. Spring would describe it with names of Java classes. */
    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail problem = ProblemTypes.of(status, e.getPropertyName() + " cannot be " + e.getValue());
        problem.setProperty("parameter", e.getPropertyName());
        return handleExceptionInternal(e, problem, headers, status, request);
    }

    /** Returns whether the client has left before the answer was complete. Such clients must not fill the log, and need no answer. */
    private static boolean isOfOneWhoHasGone(Exception e) {
        boolean gone = DisconnectedClientHelper.isClientDisconnectedException(e);
        if (gone) {
            log.debug("the client has gone before the answer was complete", e);
        }
        return gone;
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return isOfOneWhoHasGone(e) ? null : super.handleExceptionInternal(e, body, headers, status, request);
    }

    /** Receives every error that Spring MVC itself finds. */
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Object answer = body instanceof ProblemDetail problem ? ProblemTypes.typed(problem) : body;
        HttpHeaders own = HttpHeaders.copyOf(headers);
        own.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return new ResponseEntity<>(answer, own, status);
    }
}
