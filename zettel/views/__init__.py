"""How values become answers: rows, trees and lines. No input or output."""
