package io.portproxy.protocol;

/**
 * An instruction of the extended dialect's greeting (protocol.md, section 2). A value that does not fit the layout is a
 * bug of the caller: the constructors then throw {@link IllegalArgumentException}.
 */
public sealed interface GreetingInstruction permits Hello, Challenge, Proof, Welcome, Reject {

    /** Returns the whole instruction as it goes on the wire, including code and length. */
    byte[] encode();
}
