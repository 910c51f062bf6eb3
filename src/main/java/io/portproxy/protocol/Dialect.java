package io.portproxy.protocol;

/**
 * The two dialects of a tunnel (protocol.md, sections 1 and 2). The first instruction of the tunnel decides which one
 * applies.
 */
public enum Dialect {
    /** The five instructions that existing peers use. */
    CLASSIC(Wire.INITIAL_REMOTE_SERVER_HEAD + Wire.MAX_NAME_LENGTH),
    /** Hello and the instructions that follow it: proofs, windows, half-close, reasons. */
    EXTENDED(Wire.EXTENDED_HEAD + Wire.MAX_OPEN_BODY);

    private final int maxUndecoded;

    Dialect(int maxUndecoded) {
        this.maxUndecoded = maxUndecoded;
    }

    /**
     * Returns the length in bytes of the longest input that an {@link InstructionDecoder} cannot decode before its end
     * has arrived: a greeting with the longest name, or the longest Open.
     */
    public int maxUndecoded() {
        return maxUndecoded;
    }
}
