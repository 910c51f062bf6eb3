package io.portproxy.protocol;

/** A peer greets in another version than {@link Wire#VERSION}. What else it says is laid out in ways that we do not know. */
public final class OtherVersionException extends ProtocolException {
    private static final long serialVersionUID = 1L;

    private final int version;

    OtherVersionException(int version) {
        super("version " + version + " of the protocol, where " + Wire.VERSION + " is spoken");
        this.version = version;
    }

    /** The peer's version, 0 to 65535. */
    public int version() {
        return version;
    }
}
