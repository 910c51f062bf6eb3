package io.portproxy.protocol;

/**
 * What is said about ports that a remote asks for (protocol.md, 2.8), in tunnels with the feature {@link Wire#FEATURE_EXPOSE}.
 * Seldom, so these are records.
 */
public sealed interface ExposeInstruction permits Expose, Exposed, ExposeRefused {
    /** Which of the tunnel's requests it is about: 0 to 65535, chosen by the remote. */
    int number();

    /** The whole instruction. */
    byte[] encode();
}
