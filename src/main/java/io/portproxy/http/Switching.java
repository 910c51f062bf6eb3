package io.portproxy.http;

/** Whether a request may end HTTP on its connection. */
enum Switching {
    /** It is the first: nothing that came before can be taken for its answer. */
    FREE,
    /**
     * To a WebSocket, with a key of ours that its answer has to show. A target that sends more than it says, such as a body
     * in its answer to HEAD, lets a user write what looks like an answer to a later request; but the user does not know
     * the key.
     */
    PROVED,
    /** Not any more. */
    NONE
}
