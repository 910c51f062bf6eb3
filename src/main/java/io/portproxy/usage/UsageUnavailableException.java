package io.portproxy.usage;

/** Usage cannot be stored or read now. The message says why. */
public final class UsageUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageUnavailableException(String message) {
        super(message, null, false, false);
    }
}
