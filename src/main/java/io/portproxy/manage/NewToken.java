package io.portproxy.manage;

/**
 * A new token. It is available in full only once, in this record.
 *
 * @param kept what the server keeps of the token
 * @param secret the token that the remote is configured with
 */
public record NewToken(RemoteToken kept, String secret) {
    /** Omits the secret. */
    @Override
    public String toString() {
        return "token " + kept.id();
    }
}
