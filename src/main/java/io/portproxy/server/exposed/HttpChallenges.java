package io.portproxy.server.exposed;

import java.util.Optional;

/** What a gateway answers a certificate authority that looks whether a name leads here (RFC 8555, section 8.3). Any thread; does not block. */
@FunctionalInterface
public interface HttpChallenges {
    /** Where the authority asks. */
    String PATH = "/.well-known/acme-challenge/";

    /** Nothing is asked for. */
    HttpChallenges NONE = token -> Optional.empty();

    /**
     * The answer.
     *
     * @return empty: the authority does not ask for this token just now
     */
    Optional<String> answer(String token);

    /** The answer to a request with this path and query. */
    default Optional<String> answerTo(String pathAndQuery) {
        return pathAndQuery.startsWith(PATH) ? answer(pathAndQuery.substring(PATH.length())) : Optional.empty();
    }
}
