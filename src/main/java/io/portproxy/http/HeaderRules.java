package io.portproxy.http;

import java.util.Optional;

/**
 * The fields that are changed in the heads of requests and answers.
 *
 * @param request the changes to requests, for the target
 * @param response the changes to the target's final answers, for users
 * @param hsts the value of {@code Strict-Transport-Security} (RFC 6797) in every answer inside TLS that ends here;
 *     empty to add none
 */
public record HeaderRules(FieldRules request, FieldRules response, Optional<String> hsts) {
    /** Rules that change nothing. */
    public static final HeaderRules NONE = new HeaderRules(FieldRules.NONE, FieldRules.NONE, Optional.empty());

    /** The name of the field that makes browsers avoid plain HTTP. */
    public static final String HSTS = "Strict-Transport-Security";

    /** Returns the rules for the target's answers on a connection. */
    FieldRules response(boolean secure) {
        return secure && hsts.isPresent() ? response.with(HSTS, hsts.get()) : response;
    }

    /** Returns the lines for PortProxy's own answers on a connection. */
    public String ofOurs(boolean secure) {
        return secure ? hsts.map(value -> HSTS + ": " + value + "\r\n").orElse("") : "";
    }
}
