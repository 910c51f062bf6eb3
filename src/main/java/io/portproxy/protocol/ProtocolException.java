package io.portproxy.protocol;

/** Reports that the peer has violated the protocol. Only its tunnel is lost. */
public sealed class ProtocolException extends Exception permits OtherVersionException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message the error, for a log line that also names the peer
     */
    public ProtocolException(String message) {
        super(message);
    }
}
