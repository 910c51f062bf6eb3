package io.portproxy.admin.manage;

import io.portproxy.manage.RemoteToken;
import io.portproxy.protocol.Printable;
import io.portproxy.protocol.TokenVerifier;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads tokens of remotes from a request's body. Make a new reader for each body: no two tokens of a body may have the same id. */
final class TokensReader {
    private static final int MAX_LABEL = 200;
    private static final Set<String> TOKEN = Set.of("id", "label", "verifier", "created", "expires");
    private static final Pattern TOKEN_ID = Pattern.compile("[0-9a-f]{16}");

    private final Set<String> ids = new HashSet<>();

    /** Reads a request for a new token. */
    static RemoteTokensController.Wish wish(BodyMembers body) {
        BodyMembers token = body.known(Set.of("label", "expires"));
        return new RemoteTokensController.Wish(label(token), token.time("expires"));
    }

    /** Reads the label by which people recognize a token. */
    static Optional<String> label(BodyMembers token) {
        Optional<String> label = token.text("label");
        label.filter(text -> text.length() > MAX_LABEL)
                .ifPresent(text -> token.wrong("label", "is too long", "write up to " + MAX_LABEL + " characters"));
        label.filter(text -> !Printable.is(text))
                .ifPresent(text -> token.wrong("label", "has a character that does not show", "write another"));
        return label;
    }

    /** Reads the stored tokens of a remote; empty if the body has none. */
    Optional<List<RemoteToken>> kept(BodyMembers remote) {
        if (remote.member("tokens").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(remote.entries("tokens").stream()
                .flatMap(token -> keptToken(token.known(TOKEN)).stream())
                .toList());
    }

    private Optional<RemoteToken> keptToken(BodyMembers token) {
        String id = token.text("id").orElse("");
        if (!TOKEN_ID.matcher(id).matches()) {
            token.wrong("id", "is no token's id", "write 16 hexadecimal digits");
        } else if (!ids.add(id)) {
            token.wrong("id", "comes twice in the document", "give each token another id");
        }
        String label = label(token).orElse("");
        Optional<Instant> created = token.time("created");
        Optional<Instant> expires = token.time("expires");
        try {
            TokenVerifier verifier = TokenVerifier.parse(token.text("verifier").orElse(""));
            return Optional.of(new RemoteToken(id, label, verifier, created.orElse(Instant.EPOCH), expires));
        } catch (IllegalArgumentException e) {
            token.wrongSecret("verifier", "is not what a server keeps of a token", "copy it whole");
            return Optional.empty();
        }
    }
}
