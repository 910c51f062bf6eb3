package io.portproxy.protocol;

/** What the peer sent is against the protocol: its tunnel is lost, nobody else's. */
public sealed class ProtocolException extends Exception permits OtherVersionException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what was wrong, for a log that also names the peer
     */
    public ProtocolException(String message) {
        super(message);
    }
}
