package io.portproxy.manage;

import java.util.Optional;

/**
 * One thing that is wrong with what somebody wants.
 *
 * @param pointer where in the document it is (RFC 6901); empty for all of it
 * @param value what was written there; empty if nothing was
 * @param reason what is wrong
 * @param fix what to write instead
 */
public record ChangeProblem(String pointer, Optional<String> value, String reason, String fix) {}
