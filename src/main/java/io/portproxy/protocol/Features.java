package io.portproxy.protocol;

/**
 * Features of the extended dialect that a remote may have or not, as both sides name them in the greeting. A tunnel uses
 * those that both sides have. Source: protocol.md, section 2.1.
 *
 * @param bits a bit for each feature; features that this program does not know may be among them
 */
public record Features(int bits) {
    /** No features. */
    public static final Features NONE = new Features(0);

    /** The remote may ask for ports. */
    public static final Features EXPOSE = new Features(1);

    /** The tunnel carries datagrams. */
    public static final Features DATAGRAMS = new Features(2);

    /** The remote writes the first bytes of an Open to a target before all others. */
    public static final Features FIRST_BYTES = new Features(4);

    /** All features that this program knows. */
    public static final Features ALL = EXPOSE.and(DATAGRAMS).and(FIRST_BYTES);

    /** Returns these features and those. */
    public Features and(Features others) {
        return new Features(bits | others.bits);
    }

    /** Returns those of these features that are also among the others. */
    public Features sharedWith(Features others) {
        return new Features(bits & others.bits);
    }

    /** Returns whether all of those features are among these. */
    public boolean has(Features wanted) {
        return (bits & wanted.bits) == wanted.bits;
    }
}
