package io.portproxy.acme;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** The challenges that are open now. Any thread. */
final class Challenges {
    private final Map<String, String> answersByToken = new ConcurrentHashMap<>();
    private final Map<String, SSLContext> contextsByName = new ConcurrentHashMap<>();

    /** Returns the answer for a token (RFC 8555, section 8.3); empty if no such challenge is open. */
    Optional<String> http(String token) {
        return Optional.ofNullable(answersByToken.get(token));
    }

    /** Returns the context with the certificate of the challenge (RFC 8737, section 3); empty if no challenge is open for the name. */
    Optional<SSLContext> tls(String name) {
        return Optional.ofNullable(contextsByName.get(name));
    }

    void openHttp(String token, String answer) {
        answersByToken.put(token, answer);
    }

    void openTls(String name, SSLContext context) {
        contextsByName.put(name, context);
    }

    /** Closes all challenges. There is only one order at a time, so all open challenges belong to it. */
    void closeAll() {
        answersByToken.clear();
        contextsByName.clear();
    }
}
