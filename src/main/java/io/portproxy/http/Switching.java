package io.portproxy.http;

/** Whether a request may end HTTP on its connection. */
enum Switching {
    /** It may: it is the first request, so nothing that came before can be taken for its answer. */
    FREE,
    /**
     * Only a WebSocket may, with a key from PortProxy that the answer has to prove. A target that sends more than it
     * announces, such as a body in its answer to HEAD, lets a user write bytes that look like an answer to a later
     * request. But the user does not know the key.
     */
    PROVED,
    /** It must not. */
    NONE
}
