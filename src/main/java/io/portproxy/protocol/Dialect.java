package io.portproxy.protocol;

/** The two languages of a tunnel (protocol.md, sections 1 and 2); its first instruction decides. */
public enum Dialect {
    /** The five instructions that existing peers speak. */
    CLASSIC(Wire.INITIAL_REMOTE_SERVER_HEAD + Wire.MAX_NAME_LENGTH),
    /** Hello and what follows it: proofs, windows, half-close, reasons. */
    EXTENDED(Wire.EXTENDED_HEAD + Wire.MAX_OPEN_BODY);

    private final int maxUndecoded;

    Dialect(int maxUndecoded) {
        this.maxUndecoded = maxUndecoded;
    }

    /**
     * The longest run in bytes that an {@link InstructionDecoder} cannot decode before its end has arrived: a greeting
     * with the longest name, or the longest Open.
     */
    public int maxUndecoded() {
        return maxUndecoded;
    }
}
