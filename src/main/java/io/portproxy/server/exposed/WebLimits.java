package io.portproxy.server.exposed;

import java.time.Duration;

/**
 * Limits that all hosts and ports of {@code type: http} share.
 *
 * @param maxAnswers users at a time who are answered by this server itself, those among them who have not sent their request yet, of whom
 *     a quarter may be of one host or port; others are reset
 * @param refusalTimeout how long an answer of this server's own may wait: for the user's request, or for answers of the target that come
 *     before it
 * @param answerTimeout how long a user may take nothing of such an answer, and then how long it may take to end its side
 * @param maxPending users of a port with logins who have not sent a complete head, at a time; then the network with most of them loses its
 *     oldest
 * @param requestTimeout how long each of these may take, where the port says nothing else
 */
public record WebLimits(
        int maxAnswers, Duration refusalTimeout, Duration answerTimeout, int maxPending, Duration requestTimeout) {
    /** Those of who says nothing else. */
    public static final WebLimits DEFAULT =
            new WebLimits(4096, Duration.ofSeconds(5), Duration.ofSeconds(2), 1000, Duration.ofSeconds(10));
}
