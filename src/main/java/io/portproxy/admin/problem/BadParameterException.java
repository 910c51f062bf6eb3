package io.portproxy.admin.problem;

/** A parameter of a request has an invalid value. Becomes status 400. */
public final class BadParameterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String parameter;

    /** @param message what is wrong and what to write instead, for people */
    public BadParameterException(String parameter, String message) {
        super(message, null, false, false);
        this.parameter = parameter;
    }

    String parameter() {
        return parameter;
    }
}
