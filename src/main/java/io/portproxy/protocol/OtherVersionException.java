package io.portproxy.protocol;

/**
 * Reports that a peer's greeting has another version than {@link Wire#VERSION}. This program does not know the layout
 * of the rest of such a greeting.
 */
public final class OtherVersionException extends ProtocolException {
    private static final long serialVersionUID = 1L;

    private final int version;

    OtherVersionException(int version) {
        super("version " + version + " of the protocol, where " + Wire.VERSION + " is spoken");
        this.version = version;
    }

    /** Returns the peer's version, 0 to 65535. */
    public int version() {
        return version;
    }
}
