package io.portproxy.server.exposed.user;

import java.time.Duration;

/**
 * Limits that all hosts and ports of {@code type: http} share.
 *
 * @param maxAnswers the most users at a time whom this server itself answers, including those who have not sent their
 *     request yet; a quarter of them may be of one host or port; others are reset
 * @param refusalTimeout how long an answer of this server may wait for the user's request, or for earlier answers of
 *     the target
 * @param answerTimeout how long such an answer may wait until the user takes a further byte, and how long the user may
 *     then take to end its side
 * @param maxPending the most users of a port with logins who have not sent a complete head; when there are more, the
 *     network with the most of them loses its oldest
 * @param requestTimeout how long each of these users may take, unless the port sets another time
 */
public record WebLimits(
        int maxAnswers, Duration refusalTimeout, Duration answerTimeout, int maxPending, Duration requestTimeout) {
    /** The default limits. */
    public static final WebLimits DEFAULT =
            new WebLimits(4096, Duration.ofSeconds(5), Duration.ofSeconds(2), 1000, Duration.ofSeconds(10));
}
