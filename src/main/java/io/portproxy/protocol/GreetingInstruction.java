package io.portproxy.protocol;

/**
 * An instruction of the extended dialect's greeting (protocol.md, section 2). A value that does not fit the layout is a
 * bug of ours and makes the constructors throw {@link IllegalArgumentException}.
 */
public sealed interface GreetingInstruction permits Hello, Challenge, Proof, Welcome, Reject {

    /** The whole instruction, code and length included, as it goes on the wire. */
    byte[] encode();
}
