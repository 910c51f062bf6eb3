package io.portproxy.acme;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** What the authority may ask for just now. Any thread. */
final class Challenges {
    private final Map<String, String> answersByToken = new ConcurrentHashMap<>();
    private final Map<String, SSLContext> contextsByName = new ConcurrentHashMap<>();

    /** The token's answer (RFC 8555, section 8.3); empty when no such challenge is open. */
    Optional<String> http(String token) {
        return Optional.ofNullable(answersByToken.get(token));
    }

    /** What shows the certificate of the challenge (RFC 8737, section 3); empty when none is open for the name. */
    Optional<SSLContext> tls(String name) {
        return Optional.ofNullable(contextsByName.get(name));
    }

    void openHttp(String token, String answer) {
        answersByToken.put(token, answer);
    }

    void openTls(String name, SSLContext context) {
        contextsByName.put(name, context);
    }

    /** There is one order at a time, so all that is open is that order's. */
    void closeAll() {
        answersByToken.clear();
        contextsByName.clear();
    }
}
