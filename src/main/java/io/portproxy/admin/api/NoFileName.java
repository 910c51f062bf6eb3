package io.portproxy.admin.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Takes out what Spring adds to answers whose path ends like a file's name, as that of a host does: {@code f.txt} is no name for them. It is there for
 * browsers that guess what an answer is. Ours say so ({@code X-Content-Type-Options}), and are JSON.
 */
public final class NoFileName extends OncePerRequestFilter {
    private static final String SPRINGS = "inline;filename=f.txt";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, new Answer(response));
    }

    /** Also where an answer is made later. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    private static final class Answer extends HttpServletResponseWrapper {
        Answer(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setHeader(String name, String value) {
            if (passes(name, value)) {
                super.setHeader(name, value);
            }
        }

        @Override
        public void addHeader(String name, String value) {
            if (passes(name, value)) {
                super.addHeader(name, value);
            }
        }

        private static boolean passes(String name, String value) {
            return !(HttpHeaders.CONTENT_DISPOSITION.equalsIgnoreCase(name) && SPRINGS.equals(value));
        }
    }
}
