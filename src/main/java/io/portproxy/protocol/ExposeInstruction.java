package io.portproxy.protocol;

/**
 * An instruction about ports that a remote asks for (protocol.md, 2.8), in tunnels with the feature
 * {@link Features#EXPOSE}. These instructions are rare, so they are records.
 */
public sealed interface ExposeInstruction permits Expose, Exposed, ExposeRefused {
    /** Returns the number of the request that the instruction belongs to: 0 to 65535, chosen by the remote. */
    int number();

    /** Returns the whole instruction as bytes. */
    byte[] encode();
}
