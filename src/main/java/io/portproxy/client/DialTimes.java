package io.portproxy.client;

import java.time.Duration;

/**
 * The timeouts of the steps that open a tunnel, and the pauses between attempts.
 *
 * @param connectTimeout the timeout of one attempt to connect to the proxy server or to a target
 * @param greetingTimeout the timeout of a greeting in the extended dialect; the TLS handshake has a separate timeout of the same length
 * @param backoffInitial the longest pause before the first retry
 * @param backoffMax the longest pause before any later retry
 */
public record DialTimes(
        Duration connectTimeout, Duration greetingTimeout, Duration backoffInitial, Duration backoffMax) {

    public DialTimes withConnectTimeout(Duration timeout) {
        return new DialTimes(timeout, greetingTimeout, backoffInitial, backoffMax);
    }

    public DialTimes withGreetingTimeout(Duration timeout) {
        return new DialTimes(connectTimeout, timeout, backoffInitial, backoffMax);
    }

    /** Returns a copy with pauses that do not grow. */
    public DialTimes withBackoff(Duration always) {
        return new DialTimes(connectTimeout, greetingTimeout, always, always);
    }
}
