package io.portproxy.server.exposed.gateway;

import java.util.Optional;

/**
 * Answers to the requests by which a certificate authority checks that a name leads to this server (RFC 8555, section
 * 8.3). Any thread; does not block.
 */
@FunctionalInterface
public interface HttpChallenges {
    /** The path of these requests. */
    String PATH = "/.well-known/acme-challenge/";

    /** No answers. */
    HttpChallenges NONE = token -> Optional.empty();

    /**
     * Returns the answer for a token.
     *
     * @return empty if the authority does not ask for this token now
     */
    Optional<String> answer(String token);

    /** Returns the answer to a request with this path and query. */
    default Optional<String> answerTo(String pathAndQuery) {
        return pathAndQuery.startsWith(PATH) ? answer(pathAndQuery.substring(PATH.length())) : Optional.empty();
    }
}
