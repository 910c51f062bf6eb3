package io.portproxy.manage;

/**
 * A token that was made. The only time that it is there in full.
 *
 * @param kept what is kept of it
 * @param secret what the remote is configured with
 */
public record NewToken(RemoteToken kept, String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
        return "token " + kept.id();
    }
}
