package io.portproxy.admin.manage;

import io.portproxy.manage.NewToken;
import io.portproxy.manage.RemoteManager;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The tokens of one remote. For each token, the server keeps only the keys that check its proof. */
@RestController
@RequestMapping(path = "/api/v1/remotes/{name}/tokens", produces = "application/json")
class RemoteTokensController {
    private final Changes changes;

    RemoteTokensController(Changes changes) {
        this.changes = changes;
    }

    /**
     * A request for a new token.
     *
     * @param label what the token is for, for people, up to 200 characters. Default: empty
     * @param expires when it expires, such as {@code 2027-01-31T12:00:00Z}. Default: never
     */
    @Schema(name = "TokenRequest")
    record Wish(Optional<String> label, Optional<Instant> expires) {}

    /**
     * Lists the tokens of a remote. Expired ones are included.
     *
     * @param name the remote's name, percent-encoded
     */
    @GetMapping
    List<TokenJson> listRemoteTokens(@PathVariable String name) {
        RemoteManager manager = changes.manager();
        return changes.remote(name).tokens().stream()
                .map(token -> TokenJson.of(token, manager.lastUsed(name, token)))
                .toList();
    }

    /**
     * Makes a token for a remote. Only this answer shows it. A remote may have several, so that one can replace
     * another.
     *
     * @param name the remote's name, percent-encoded
     */
    @RequestBody(content = @Content(schema = @Schema(implementation = Wish.class)))
    @ApiResponse(responseCode = "201", description = "The token.", useReturnTypeSchema = true)
    @PostMapping
    ResponseEntity<TokenJson.Made> makeRemoteToken(@PathVariable String name, HttpServletRequest request)
            throws IOException {
        JsonNode body = JsonBody.read(request);
        Wish wish = BodyMembers.read(body, TokensReader::wish);
        NewToken made = changes.makeToken(request, name, wish.label().orElse(""), wish.expires());
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(new TokenJson.Made(
                        made.kept().id(),
                        made.kept().label(),
                        made.secret(),
                        made.kept().created(),
                        made.kept().expires()));
    }

    /**
     * Revokes a token. Tunnels that use it close within a second, and the server refuses it from now on.
     *
     * @param name the remote's name, percent-encoded
     * @param id the token's id
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     */
    @DeleteMapping("{id}")
    ChangeJson revokeRemoteToken(
            @PathVariable String name,
            @PathVariable String id,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun) {
        return ChangeJson.of(
                changes.run(
                        request,
                        dryRun,
                        Optional.empty(),
                        (manager, options) -> manager.removeToken(name, id, options)),
                dryRun);
    }
}
