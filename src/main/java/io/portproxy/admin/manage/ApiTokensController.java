package io.portproxy.admin.manage;

import io.portproxy.admin.events.EventStreams;
import io.portproxy.admin.security.AuditLog;
import io.portproxy.admin.security.Hashes;
import io.portproxy.manage.AccountManager;
import io.portproxy.manage.ApiToken;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
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
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Tokens that programs send to the admin API. The server keeps only a hash of each. Only an admin may see or change
 * them.
 */
@RestController
@RequestMapping(path = "/api/v1/api-tokens", produces = "application/json")
class ApiTokensController {
    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 8;

    private final Optional<AccountManager> accounts;
    private final EventStreams streams;
    private final SecureRandom random = new SecureRandom();

    ApiTokensController(Optional<AccountManager> accounts, EventStreams streams) {
        this.accounts = accounts;
        this.streams = streams;
    }

    /**
     * A request for a new token.
     *
     * @param label what the token is for, for people, up to 200 characters. Default: empty
     * @param role its role: {@code viewer}, {@code operator} or {@code admin}. Default: viewer
     * @param expires when it expires, such as {@code 2027-01-31T12:00:00Z}. Default: never
     */
    @Schema(name = "ApiTokenRequest")
    record Wish(Optional<String> label, Optional<String> role, Optional<Instant> expires) {}

    /** Lists the tokens that were made by this API, including those that have expired. Tokens that files declare are not listed. */
    @GetMapping
    List<ApiTokenJson> listApiTokens() {
        return accounts.stream()
                .flatMap(there -> there.tokens().stream())
                .map(ApiTokenJson::of)
                .toList();
    }

    /** Makes a token. Only this answer shows it. */
    @RequestBody(content = @Content(schema = @Schema(implementation = Wish.class)))
    @ApiResponse(responseCode = "201", description = "The token.", useReturnTypeSchema = true)
    @PostMapping
    ResponseEntity<ApiTokenJson.Made> makeApiToken(HttpServletRequest request) throws IOException {
        JsonNode body = JsonBody.read(request);
        AccountReader.Token wish = BodyMembers.read(body, AccountReader::newToken);
        String secret = hex(SECRET_BYTES);
        ApiToken token = new ApiToken(
                hex(ID_BYTES),
                wish.label(),
                wish.role(),
                Hashes.sha256(secret),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                wish.expires());
        Changes.required(accounts).addToken(token);
        AuditLog.did(request, "token of the API " + token + " was made");
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(new ApiTokenJson.Made(
                        token.id(), token.label(), token.role(), secret, token.created(), token.expires()));
    }

    /**
     * Revokes a token. The server refuses it from now on.
     *
     * @param id the token's id
     */
    @DeleteMapping("{id}")
    ApiTokenJson revokeApiToken(@PathVariable String id, HttpServletRequest request) {
        ApiToken revoked = Changes.required(accounts).removeToken(id);
        streams.endOf(revoked.principal());
        AuditLog.did(request, "token of the API " + revoked + " was revoked");
        return ApiTokenJson.of(revoked);
    }

    private String hex(int bytes) {
        byte[] secret = new byte[bytes];
        random.nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }
}
