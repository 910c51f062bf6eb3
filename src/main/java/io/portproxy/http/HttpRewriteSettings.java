package io.portproxy.http;

/**
 * How the requests of one exposed port are rewritten.
 *
 * @param hostHeader what is done with {@code Host}
 * @param configuredHost the host that the port is bound to, as it is written in the configuration ({@code localhost},
 *     {@code 0.0.0.0}, {@code ::1}); empty if only a port is written there
 * @param target what {@code Host} becomes, such as {@code 127.0.0.1:17211}
 * @param maxRequestHead the most bytes of a request head, its line ends included, and of the trailers or of one chunk's
 *     extensions; at least {@value #MIN_REQUEST_HEAD}
 */
public record HttpRewriteSettings(HostHeader hostHeader, String configuredHost, String target, int maxRequestHead) {
    /** The least that {@link #maxRequestHead} can be, bytes. */
    public static final int MIN_REQUEST_HEAD = 256;

    /** What {@link #maxRequestHead} is when nothing is configured, bytes. */
    public static final int DEFAULT_MAX_REQUEST_HEAD = 32 * 1024;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the target is no {@code host:port}, or the limit is too small
     */
    public HttpRewriteSettings {
        Authority.require(target);
        if (maxRequestHead < MIN_REQUEST_HEAD) {
            throw new IllegalArgumentException(
                    "max-request-head is " + maxRequestHead + " bytes; give it at least " + MIN_REQUEST_HEAD);
        }
    }
}
