package io.portproxy.http;

import java.util.Optional;

/**
 * What is changed of the heads of requests and of answers.
 *
 * @param request in requests, for the target
 * @param response in the target's final answers, for users
 * @param hsts the value of {@code Strict-Transport-Security} (RFC 6797) in every answer inside TLS that ends here; empty for none of ours
 */
public record HeaderRules(FieldRules request, FieldRules response, Optional<String> hsts) {
    /** Changes nothing. */
    public static final HeaderRules NONE = new HeaderRules(FieldRules.NONE, FieldRules.NONE, Optional.empty());

    /** The name of the field that keeps browsers from plain HTTP. */
    public static final String HSTS = "Strict-Transport-Security";

    /** For the target's answers on a connection. */
    FieldRules response(boolean secure) {
        return secure && hsts.isPresent() ? response.with(HSTS, hsts.get()) : response;
    }

    /** Lines for our own answers on a connection. */
    public String ofOurs(boolean secure) {
        return secure ? hsts.map(value -> HSTS + ": " + value + "\r\n").orElse("") : "";
    }
}
