package io.portproxy.admin.security;

import jakarta.servlet.http.HttpServletRequest;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.authentication.WebAuthenticationDetailsSource;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/** Authenticates requests by bearer tokens (RFC 6750). */
final class BearerTokens implements AuthenticationConverter, AuthenticationProvider {
    /** The name in place of the client's while its token is not verified. */
    static final String UNKNOWN = "(bearer token)";

    private static final String SCHEME = "Bearer";

    private final Supplier<List<AdminSettings.Token>> tokens;

    /** @param tokens supplies the tokens that are valid now */
    BearerTokens(Supplier<List<AdminSettings.Token>> tokens) {
        this.tokens = tokens;
    }

    /** Returns whether a request has a bearer token, right or wrong. */
    static boolean isShownBy(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.split(" ", 2)[0].equalsIgnoreCase(SCHEME);
    }

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !isShownBy(request)) {
            return null;
        }
        Authentication shown = new PreAuthenticatedAuthenticationToken(
                UNKNOWN, header.substring(SCHEME.length()).strip());
        ((PreAuthenticatedAuthenticationToken) shown)
                .setDetails(new WebAuthenticationDetailsSource().buildDetails(request));
        return shown;
    }

    @Override
    public Authentication authenticate(Authentication shown) {
        byte[] hash = HexFormat.of().parseHex(Hashes.sha256(String.valueOf(shown.getCredentials())));
        AdminSettings.Token found = null;
        for (AdminSettings.Token token : tokens.get()) { // always all of them, so that the time reveals nothing
            if (MessageDigest.isEqual(HexFormat.of().parseHex(token.sha256()), hash)) {
                found = token;
            }
        }
        if (found == null) {
            throw new BadCredentialsException("no such token");
        }
        UsernamePasswordAuthenticationToken who = UsernamePasswordAuthenticationToken.authenticated(
                found.name(), null, found.rights().authorities());
        who.setDetails(shown.getDetails());
        return who;
    }

    @Override
    public boolean supports(Class<?> type) {
        return PreAuthenticatedAuthenticationToken.class.isAssignableFrom(type);
    }
}
